from crm.imports.enums import Reason, Refusal


class FileRefusedError(Exception):
    """The file as a whole cannot be read; `detail` names what, such as the missing columns."""

    def __init__(self, refusal: Refusal, detail: str = "") -> None:
        super().__init__(refusal, detail)
        self.refusal = refusal
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.refusal.label} ({self.detail})" if self.detail else str(self.refusal.label)


class CellRefusedError(Exception):
    """A cell does not hold what its column is for."""

    def __init__(self, reason: Reason, value: str = "") -> None:
        super().__init__(reason, value)
        self.reason = reason
        self.value = value  # where it is not what the cell says as a whole


class RowRefusedError(Exception):
    """A row is left out, because of `value` in `column` (the file's own name for it)."""

    def __init__(self, reason: Reason, column: str = "", value: str = "") -> None:
        super().__init__(reason, column, value)
        self.reason = reason
        self.column = column
        self.value = value
