"""Not being root, for a server that refuses to run as root.

PostgreSQL wants an ordinary user, and one with a name. Both are met without
creating a user, opening a folder or moving data:

- in a user namespace our own id merely looks like nobody's; files stay ours;
- where namespaces are forbidden (Docker's default) root becomes nobody, but
  keeps the single right to read and write files anywhere, so that a home below
  root's private folder still works. Files then belong to nobody.
"""

import ctypes
import os
import pwd
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .procs import LINUX

_libc = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWUSER = 0x10000000
_PR_SET_SECUREBITS, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 28, 47, 2
_SECBIT_NO_SETUID_FIXUP = 4
_CAPABILITY_VERSION_3 = 0x20080522
_CAP_DAC_OVERRIDE = 1


@dataclass(frozen=True)
class Disguise:
    """What a child does between fork and exec, and whose its files are on the disk."""

    put_on: Callable[[], None] | None
    file_owner: int


def choose() -> Disguise:
    """The disguise under which PostgreSQL runs for the user we are; often none at all."""
    uid, gid = os.geteuid(), os.getegid()
    if uid != 0 and _has_name(uid):
        return Disguise(None, uid)
    if not LINUX:
        raise RuntimeError("PostgreSQL does not run as root here: start as an ordinary user.")
    nobody = pwd.getpwnam("nobody")  # looked up before the fork

    def look_like_nobody() -> None:
        _enter_user_namespace(inside=nobody.pw_uid, uid=uid, gid=gid)

    def become_nobody() -> None:
        _give_up_root(uid=nobody.pw_uid, gid=nobody.pw_gid)

    if _works(look_like_nobody):
        return Disguise(look_like_nobody, uid)
    if uid == 0:
        return Disguise(become_nobody, nobody.pw_uid)
    raise RuntimeError(f"User id {uid} has no name on this machine, which PostgreSQL needs.")


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _works(put_on: Callable[[], None]) -> bool:
    """Whether the change is allowed, tried in a child that does nothing else."""
    pid = os.fork()
    if pid == 0:
        try:
            put_on()
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def _enter_user_namespace(*, inside: int, uid: int, gid: int) -> None:
    _check(_libc.unshare(_CLONE_NEWUSER), "unshare")
    Path("/proc/self/setgroups").write_text("deny")  # else the kernel refuses the gid map
    Path("/proc/self/gid_map").write_text(f"{inside} {gid} 1")
    Path("/proc/self/uid_map").write_text(f"{inside} {uid} 1")


class _CapabilityHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _CapabilitySets(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable")]


def _give_up_root(*, uid: int, gid: int) -> None:
    """Become `uid` with no capability but access to files, and keep that one over exec."""
    # Else the change of user would clear it, and access(2) would not count it afterwards.
    _check(_libc.prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP, 0, 0, 0), "prctl")
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    only = 1 << _CAP_DAC_OVERRIDE
    header = _CapabilityHeader(_CAPABILITY_VERSION_3, 0)
    sets = (_CapabilitySets * 2)(_CapabilitySets(only, only, only), _CapabilitySets(0, 0, 0))
    _check(_libc.capset(ctypes.byref(header), sets), "capset")
    raised = _libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0)
    _check(raised, "prctl")


def _check(result: int, call: str) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), call)
