from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Format(models.TextChoices):
    """How the columns of a file are found."""

    AUTO = "auto", _("Recognise by the header")
    GENERIC = "generic", _("Horetsu's own column names, or a mapping")
    ECCUBE = "eccube", _("EC-CUBE 4")
    SHOPIFY = "shopify", _("Shopify")
    BASE = "base", _("BASE")


class FileKind(models.TextChoices):
    """What a file lists."""

    CUSTOMERS = "customers", _("Customers")
    ORDERS = "orders", _("Orders")


class RunState(models.TextChoices):
    """What becomes of a file. From the command it is underway at once."""

    UPLOADED = "uploaded", pgettext_lazy("file", "Columns to be named")
    EXAMINING = "examining", pgettext_lazy("file", "Being looked through")
    READY = "ready", pgettext_lazy("file", "Ready to be taken in")
    QUEUED = "queued", pgettext_lazy("file", "Waiting its turn")
    UNDERWAY = "underway", pgettext_lazy("file", "Underway")
    DONE = "done", pgettext_lazy("file", "Done")
    FAILED = "failed", pgettext_lazy("file", "Could not be read")
    CANCELLED = "cancelled", pgettext_lazy("file", "Given up")


#: The file waits for a person, or is looked through for one: nothing of it is in.
BEFOREHAND = (RunState.UPLOADED, RunState.EXAMINING, RunState.READY)
#: A person said go, and it is not over.
GOING = (RunState.QUEUED, RunState.UNDERWAY)


class Refusal(models.TextChoices):
    """Why a whole file is not read. Nothing of it was written."""

    EMPTY = "empty", _("The file is empty.")
    WORKBOOK = (
        "workbook",
        _("This is an Excel workbook. Please save it as “CSV UTF-8” and try again."),
    )
    COMPRESSED = (
        "compressed",
        _("This is a compressed file. Please unpack it and import the CSV file inside."),
    )
    PDF = "pdf", _("This is a PDF. Please export the data as a CSV file instead.")
    WEB_PAGE = (
        "web_page",
        _(
            "This is a web page, not a CSV file. Perhaps the download asked you to sign in "
            "first; please sign in there, and download it again."
        ),
    )
    NOT_TEXT = "not_text", _("This does not seem to be a CSV file.")
    ENCODING_UNCLEAR = (
        "encoding_unclear",
        _(
            "The characters of this file cannot be read with certainty. "
            "Please save it as UTF-8 and try again."
        ),
    )
    HEADER_UNREADABLE = (
        "header_unreadable",
        _("The first line, which should name the columns, cannot be read."),
    )
    DELIMITER_UNCLEAR = (
        "delimiter_unclear",
        _("It is not clear what separates the columns. Please use commas."),
    )
    COLUMNS_MISSING = "columns_missing", _("The file lacks columns that are needed.")
    COLUMN_REPEATED = (
        "column_repeated",
        _("A column that is needed appears more than once, so it is not clear which one counts."),
    )
    COLUMN_NOT_IN_FILE = (
        "column_not_in_file",
        _("The mapping names a column that this file does not have."),
    )
    MAPPING_UNKNOWN = (
        "mapping_unknown",
        _("The mapping names a column that Horetsu does not know."),
    )
    COLUMNS_CHANGED = (
        "columns_changed",
        _(
            "The columns are not those of the last file from this source. "
            "Please look at them, and say that they are right."
        ),
    )
    MAPPING_NOT_USED = (
        "mapping_not_used",
        _("This format knows its own columns; a mapping is for the generic format."),
    )
    TOO_LARGE = "too_large", _("The file is larger than 20 MB. Please export a shorter period.")
    TOO_MANY_ROWS = (
        "too_many_rows",
        _("The file has more than 100,000 rows. Please export a shorter period."),
    )
    TOO_MANY_WAITING = (
        "too_many_waiting",
        _("Ten files wait here already. Please take them in, or give them up, first."),
    )
    KIND_UNKNOWN = "kind_unknown", _("This format has no file of this kind.")


class Reason(models.TextChoices):
    """Why one row is left out. The others go in."""

    ROW_TOO_SHORT = "row_too_short", _("The row has fewer cells than the header.")
    ROW_TOO_LONG = "row_too_long", _("The row has more cells than the header.")
    QUOTES_BROKEN = (
        "quotes_broken",
        _("A quotation mark is not closed, or stands in the wrong place."),
    )
    CELL_TOO_LONG = "cell_too_long", _("A cell or line is too long to be meant.")
    NUL = "nul", _("The row holds a character that is no text (NUL).")
    HEADER_AGAIN = (
        "header_again",
        _("The header appears again; two files seem to have been joined here."),
    )
    EMPTY = "empty", _("This cell is needed and is empty.")
    TEXT_TOO_LONG = "text_too_long", _("The text is too long.")
    ID_DAMAGED = (
        "id_damaged",
        _("A spreadsheet has rounded this number, so the real one is lost."),
    )
    MONEY_UNREADABLE = "money_unreadable", _("This amount cannot be read.")
    MONEY_NEGATIVE = "money_negative", _("This amount is below zero.")
    MONEY_TOO_LARGE = "money_too_large", _("This amount is too large to be meant.")
    CURRENCY_UNKNOWN = "currency_unknown", _("This currency is not known.")
    CURRENCY_DIFFERS = "currency_differs", _("The amount is written in another currency.")
    NUMBER_UNREADABLE = "number_unreadable", _("This should be a whole number.")
    DATE_AMBIGUOUS = (
        "date_ambiguous",
        _("This date can be read in more than one way. Please write the year first."),
    )
    DATE_UNREADABLE = "date_unreadable", _("This date cannot be read.")
    DATE_OUT_OF_RANGE = "date_out_of_range", _("This date is too far away to be meant.")
    STATUS_UNKNOWN = "status_unknown", _("This status is not known.")
    NO_IDENTITY = (
        "no_identity",
        _("The row has neither a customer number nor an e-mail address."),
    )
    NOT_AN_ORDER_YET = "not_an_order_yet", _("The purchase was not completed; it is no order yet.")
    NOT_A_MEMBER_YET = "not_a_member_yet", _("The registration was not completed.")
    ROWS_DISAGREE = "rows_disagree", _("Rows of one order, or of one customer, disagree here.")
    BEGINNING_MISSING = (
        "beginning_missing",
        _("The row this order begins with, which tells its date and total, is not in the file."),
    )
    ANOTHER_ROW_LEFT_OUT = (
        "another_row_left_out",
        _("Another row of this order could not be read, so the order waits for a whole file."),
    )


class Remark(models.TextChoices):
    """What is worth a look in a row that went in."""

    NAME_GARBLED = (
        "name_garbled",
        _("The name seems to have lost a character on the way."),
    )
    ADDRESS_UNUSABLE = (
        "address_unusable",
        _("The e-mail address cannot be used, so it was not taken over."),
    )
    SEVERAL_MATCH = (
        "several_match",
        _("Several customers have this address, so a new one was made. Please look whom to merge."),
    )
    LANGUAGE_UNKNOWN = (
        "language_unknown",
        _("Horetsu does not write in this language yet; the shop's own is used."),
    )
