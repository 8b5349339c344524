import subprocess
import sys
from pathlib import Path

from horetsu_site.embedded.claim import Claim, all_done, holder, using


def test_only_one_has_the_claim(tmp_path: Path) -> None:
    first = Claim.take(tmp_path, what="script/server")
    assert first

    assert Claim.take(tmp_path, what="script/manage") is None

    first.release()


def test_others_can_read_who_has_it_and_where_it_answers(tmp_path: Path) -> None:
    mine = Claim.take(tmp_path, what="script/server")
    assert mine

    mine.tell(environment={"BASE_URL": "http://127.0.0.1:8000"})

    facts = holder(tmp_path)
    assert facts["what"] == "script/server"
    assert facts["environment"] == {"BASE_URL": "http://127.0.0.1:8000"}
    mine.release()


def test_a_released_claim_is_free_and_says_nothing_any_more(tmp_path: Path) -> None:
    mine = Claim.take(tmp_path, what="script/server")
    assert mine

    mine.release()

    assert holder(tmp_path) == {}
    again = Claim.take(tmp_path, what="script/server")
    assert again
    assert again.earlier == {}
    again.release()


def test_the_claim_of_a_killed_process_is_free_and_tells_what_it_left(tmp_path: Path) -> None:
    code = f"""
import os
from pathlib import Path
from horetsu_site.embedded.claim import Claim
Claim.take(Path({str(tmp_path)!r}), what="script/server").tell(children=["7 then"])
os.kill(os.getpid(), 9)
"""
    subprocess.run([sys.executable, "-c", code])

    mine = Claim.take(tmp_path, what="script/server")

    assert mine
    assert mine.earlier["children"] == ["7 then"]
    mine.release()


def test_servers_are_not_stopped_while_somebody_uses_them(tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
from horetsu_site.embedded.claim import all_done
with all_done(Path({str(tmp_path)!r})):
    print("done")
"""
    with using(tmp_path):
        waiting = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert waiting.stderr
        assert "waiting for it" in waiting.stderr.readline()
        assert waiting.poll() is None

    said, _ = waiting.communicate()
    assert said == "done\n"


def test_with_nobody_there_the_servers_may_stop_at_once(tmp_path: Path) -> None:
    with using(tmp_path):
        pass

    with all_done(tmp_path):
        assert (tmp_path / "users").exists()
