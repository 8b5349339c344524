import os
import stat
from pathlib import Path

import pytest

from horetsu_site.embedded import home
from horetsu_site.embedded.home import REPOSITORY, Home

LONGEST_OF_MACOS = 103


def make(root: Path) -> Home:
    made = Home(root)
    made.make()
    return made


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_without_a_word_about_it_the_home_is_var_in_the_repository(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("HORETSU_HOME")

    assert Home.from_environment().root == REPOSITORY / "var"


def test_the_home_is_absolute_whatever_folder_one_stands_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HORETSU_HOME", "データ")
    monkeypatch.chdir(tmp_path)

    assert Home.from_environment().root == tmp_path / "データ"


def test_nobody_else_can_look_into_a_new_home(tmp_path: Path) -> None:
    made = make(tmp_path / "home")

    assert [mode(path) for path in (made.root, made.logs, made.sockets())] == [0o700] * 3


def test_sockets_lie_in_the_home_when_their_path_is_short_enough(tmp_path: Path) -> None:
    made = make(tmp_path / "h")

    assert made.sockets() == made.root / "run"


def test_a_long_japanese_path_gets_a_short_and_private_folder_for_its_sockets(
    tmp_path: Path,
) -> None:
    letters = 90 - len(str(tmp_path / "run" / ".s.PGSQL.5432"))  # short enough, were they bytes
    made = make(tmp_path / ("通" * max(letters, 10)))

    sockets = made.sockets()

    try:
        assert len(os.fsencode(sockets / ".s.PGSQL.5432")) <= LONGEST_OF_MACOS
        assert mode(sockets) == 0o700
        assert sockets == made.sockets()
        assert sockets != make(tmp_path / (made.root.name + "販")).sockets()
    finally:
        for folder in Path("/tmp").glob(f"horetsu-{os.geteuid()}-*"):
            if not any(folder.iterdir()):
                folder.rmdir()


def test_a_folder_that_somebody_else_put_there_is_refused(tmp_path: Path) -> None:
    made = make(tmp_path / "h")
    (tmp_path / "elsewhere").mkdir()
    (made.root / "run").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(RuntimeError, match="is not ours"):
        made.sockets()


def test_a_folder_left_open_is_closed(tmp_path: Path) -> None:
    made = make(tmp_path / "h")
    (made.root / "run").mkdir(mode=0o777)

    assert mode(made.sockets()) == 0o700


def test_the_secret_key_is_made_once_and_private(tmp_path: Path) -> None:
    made = make(tmp_path / "h")

    keys = {made.secret_key() for _ in range(2)}

    assert len(keys) == 1
    assert len(keys.pop()) >= 64
    assert mode(made.root / "secret_key") == 0o600
    assert sorted(path.name for path in made.root.glob("secret_key*")) == ["secret_key"]


def test_of_two_first_starts_at_once_both_use_the_same_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(tmp_path / "h")
    other_start = iter(["theirs", "ours"])

    def the_other_start_is_faster(length: int) -> str:
        (made.root / "secret_key").write_text(next(other_start))
        return next(other_start)

    monkeypatch.setattr(home.secrets, "token_urlsafe", the_other_start_is_faster)

    assert made.secret_key() == "theirs"
