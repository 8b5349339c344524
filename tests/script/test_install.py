import shutil
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "script"


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The installer, in an empty folder with lock files; what it would run is noted in `ran`."""
    spec = spec_from_file_location("install", SCRIPT / "install.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("requirements-local.txt", "requirements-dev.txt", "package-lock.json", ".npmrc"):
        (tmp_path / name).write_text(f"lock of {name}")
    for name in ("ROOT", "VENV", "PYTHON", "WHOLE", "NODE_MODULES"):
        monkeypatch.setattr(
            module, name, tmp_path / getattr(module, name).relative_to(SCRIPT.parent)
        )
    ran: list[str] = []
    monkeypatch.setattr(module, "ran", ran, raising=False)

    def run(argv: list[str]) -> None:
        ran.append("npm" if "npm" in argv[-1] else argv[-1])
        module.NODE_MODULES.mkdir(exist_ok=True)

    def create(folder: Path, **options: object) -> None:
        ran.append("venv")
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "bin").mkdir(parents=True)
        (folder / "bin" / "python").touch()

    monkeypatch.setattr(module, "_run", run)
    monkeypatch.setattr(module.venv, "create", create)
    return module


def test_a_first_run_makes_everything(install: ModuleType) -> None:
    install.main("local", [])

    assert install.ran == ["venv", "requirements-local.txt", "npm"]


def test_a_second_run_does_nothing(install: ModuleType) -> None:
    install.main("local", [])
    install.ran.clear()

    install.main("local", [])

    assert install.ran == []


def test_what_testing_needs_contains_what_serving_needs(install: ModuleType) -> None:
    install.main("dev", [])
    install.ran.clear()

    install.main("local", [])

    assert install.ran == []


def test_serving_first_leaves_only_the_packages_of_testing_to_do(install: ModuleType) -> None:
    install.main("local", [])
    install.ran.clear()

    install.main("dev", [])

    assert install.ran == ["requirements-dev.txt"]


@pytest.mark.parametrize(
    ("changed", "done_again"),
    [
        ("requirements-local.txt", ["requirements-local.txt"]),
        ("requirements-dev.txt", []),
        ("package-lock.json", ["npm"]),
        (".npmrc", ["npm"]),
    ],
)
def test_a_changed_lock_is_installed_anew(
    install: ModuleType, changed: str, done_again: list[str]
) -> None:
    install.main("local", [])
    install.ran.clear()
    (install.ROOT / changed).write_text("changed")

    install.main("local", [])

    assert install.ran == done_again


def test_another_python_installs_anew(install: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    install.main("local", [])
    install.ran.clear()
    monkeypatch.setattr(install.sys, "version", "3.14.0 (another)")

    install.main("local", [])

    assert install.ran == ["requirements-local.txt", "npm"]


def test_a_run_that_was_cut_off_is_taken_up_again(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(install, "_run", lambda argv: sys.exit("no network"))
        with pytest.raises(SystemExit, match="no network"):
            install.main("local", [])
    install.ran.clear()

    install.main("local", [])

    assert install.ran == ["requirements-local.txt", "npm"]


def test_an_environment_whose_python_is_gone_is_made_anew(install: ModuleType) -> None:
    install.main("local", [])
    install.ran.clear()
    install.PYTHON.unlink()

    install.main("local", [])

    assert install.ran == ["venv", "requirements-local.txt"]


def test_an_installer_that_fails_shows_why(capsys: pytest.CaptureFixture[str]) -> None:
    spec = spec_from_file_location("install", SCRIPT / "install.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)

    with pytest.raises(SystemExit, match="as shown above"):
        module._run([sys.executable, "-c", "import sys; print('reason'); sys.exit(3)"])

    assert "reason" in capsys.readouterr().err


def test_without_a_python_the_scripts_say_so(tmp_path: Path) -> None:
    (tmp_path / "script").mkdir()
    for name in ("start.sh", "manage"):
        (tmp_path / "script" / name).write_bytes((SCRIPT / name).read_bytes())
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "dirname").symlink_to("/usr/bin/dirname")

    ended = subprocess.run(
        ["/bin/sh", tmp_path / "script" / "manage"],
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
    )

    assert ended.returncode == 1
    assert "Python 3.11 or newer is needed" in ended.stderr
