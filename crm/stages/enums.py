"""The words of the stage rule; safe to import from anywhere."""

from enum import IntEnum, StrEnum


class Stage(IntEnum):
    OBSERVER = 0  # 観測
    LANDING = 1  # 着地
    EMPATHY = 2  # 共感
    ENGAGEMENT = 3  # 関与
    CIRCULATION = 4  # 循環


class Balance(StrEnum):
    """What the evaluation made of the expectation."""

    DISSATISFIED = "dissatisfied"
    SATISFIED = "satisfied"
    DELIGHTED = "delighted"


class Recovered(StrEnum):
    """How a response to a complaint was felt, where it was felt well."""

    MET = "met"
    EXCEEDED = "exceeded"


class Direction(StrEnum):
    WARMING = "warming"
    STEADY = "steady"
    QUIET = "quiet"
    COOLING = "cooling"


class Mark(StrEnum):
    """What to know of a relationship besides its stage."""

    RECOVERY_FIRST = "recovery_first"  # まずは解決を
    STALLED = "stalled"  # 足踏み中
    DORMANT = "dormant"  # 休眠
    QUIET_REGULAR = "quiet_regular"  # 静かな常連
    ABOUT_TO_LAPSE = "about_to_lapse"
