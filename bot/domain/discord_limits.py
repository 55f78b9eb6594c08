"""Discord's own numbers, as its documentation gives them (Discord docs, 2026-08)."""

from bot.domain.wording.file_sizes import MIB

MESSAGE_CHARS = 2000  # of a message's content
LAYOUT_CHARS = 4000  # of all text displays of a message together
TEXT_INPUT_CHARS = 4000
ALT_TEXT_CHARS = 1024  # of an attachment's description
OPTION_CHARS = 6000  # of a slash command's text
CHOICES = 25  # suggestions for an option
CHOICE_CHARS = 100  # of a suggestion's name, and of its value
RADIO_CHOICES = 10  # of a form's group of round buttons; at least two
FORM_PARTS = 5
UPLOADED_FILES = 10  # of a form's file upload
MESSAGE_FILES = 10
FILE_BYTES = 10 * MIB  # of one file, where no server's level allows more
REQUEST_BYTES = 25 * MIB  # of all files of one request

ANSWER_WITHIN_S = 3.0  # the first answer to an interaction
TOKEN_LIFE_S = 15 * 60.0  # of an interaction's token

EPOCH_MS = 1_420_070_400_000  # the first millisecond of its ids
TIMELESS_BITS = 22  # of an id, below the milliseconds
