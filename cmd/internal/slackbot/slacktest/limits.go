package slacktest

// What Slack allows in one message, in characters (Unicode code points) unless
// said otherwise. Sources: the pages of docs.slack.dev named at each group,
// read in 2026; what Slack enforces without documenting it is marked so.
const (
	// reference/block-kit/blocks: "up to 50 blocks in each message, and 100
	// blocks in modals or home tabs".
	MaxBlocks     = 50
	MaxViewBlocks = 100
	// Each page of reference/block-kit/blocks: "Maximum length for this field
	// is 255 characters. block_id should be unique for each message".
	MaxBlockID = 255

	// reference/block-kit/blocks/section-block.
	MaxSectionText  = 3000
	MaxSectionField = 2000
	MaxFields       = 10
	// reference/block-kit/composition-objects/text-object: 1 to 3000, where
	// the block says no less; context-block says no less.
	MaxText = 3000
	// reference/block-kit/blocks/header-block.
	MaxHeader = 150
	// reference/block-kit/blocks/context-block.
	MaxContextElements = 10
	// reference/block-kit/blocks/actions-block.
	MaxActions = 25
	// reference/block-kit/blocks/context-actions-block.
	MaxContextActions = 5
	// reference/block-kit/blocks/image-block and block-elements/image-element.
	MaxImageURL   = 3000
	MaxImageAlt   = 2000
	MaxImageTitle = 2000
	// reference/block-kit/blocks/markdown-block: "The cumulative limit for all
	// markdown blocks in a single payload is 12,000 characters".
	MaxMarkdown = 12000
	// reference/block-kit/blocks/table-block: one table a message, 100 rows of
	// 20 cells, 10,000 characters in all cells together.
	MaxTableRows  = 100
	MaxTableCells = 20
	MaxTableText  = 10000
	// reference/block-kit/blocks/data-table-block: a header and 200 rows.
	MaxDataTableRows = 201
	// reference/block-kit/blocks/input-block.
	MaxInputLabel = 2000

	// reference/block-kit/block-elements/button-element.
	MaxButtonText  = 75
	MaxButtonValue = 2000
	MaxButtonURL   = 3000
	MaxButtonLabel = 75 // accessibility_label
	// Each page of reference/block-kit/block-elements.
	MaxActionID = 255
	// reference/block-kit/composition-objects/confirmation-dialog-object.
	MaxConfirmTitle  = 100
	MaxConfirmText   = 300
	MaxConfirmButton = 30
	// reference/block-kit/composition-objects/option-object, and the elements
	// that hold options.
	MaxOptionText      = 75
	MaxOptionValue     = 150
	MaxSelectOptions   = 100
	MaxOverflowOptions = 5
	MaxRadioOptions    = 10
	MaxPlaceholder     = 150

	// changelog/2018-truncating-really-long-messages: text is cut off after
	// 40,000 characters; chat.postMessage answers msg_too_long.
	MaxMessageText = 40000
	// Not documented: chat.postMessage answers msg_blocks_too_long where the
	// texts of all blocks together come to more than about 13,200 characters
	// (slackapi/bolt-js, "Blocks too long error at ~13200 characters").
	MaxBlocksText = 13200
	// reference/methods/chat.postMessage: too_many_attachments.
	MaxAttachments = 100
	// reference/methods/chat.postMessage names metadata_too_large without a
	// figure; bytes of JSON held to here, so that nobody relies on more.
	MaxMetadata     = 8000
	MaxMetadataType = 255 // characters of its event_type, likewise

	// reference/methods/files.getUploadURLExternal: alt_txt_too_large, and
	// "Slack help center: add files": 1 GB, in bytes; snippets 1 MB.
	MaxAltText     = 1000
	MaxFileBytes   = 1 << 30
	MaxSnippet     = 1 << 20
	MaxUploadFiles = 10

	// reference/methods/assistant.threads.setSuggestedPrompts: "up to four
	// suggested prompts"; assistant.threads.setStatus: 10 loading messages.
	MaxPrompts         = 4
	MaxLoadingMessages = 10

	// interactivity/handling-user-interaction: a response_url serves 5 times
	// within 30 minutes; a trigger_id expires 3 seconds after it was sent and
	// serves once.
	MaxResponses = 5

	// apis/events-api/using-socket-mode: 10 connections an app. A payload in an
	// acknowledgement is dropped from 20 KB on (slack-go/slack, SendCtx).
	MaxConnections = 10
	MaxAckBytes    = 20_000
)
