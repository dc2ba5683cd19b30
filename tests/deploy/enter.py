"""Runs a command in another root file system, as another user, with everything but some folders read-only.

A script of its own, so that the process that enters is the one that becomes the command. As root it changes the root
and then the user. Without root it does the same in a user namespace, where the one user that it may be is the wanted
one. What the machine does not allow exits with NOT_ALLOWED.
"""

import ctypes
import json
import os
import sys
import warnings  # noqa: F401  (exec looks it up, and after chroot there is nothing to import it from)
from pathlib import Path

NOT_ALLOWED = 96

_CLONE_NEWNS = 0x00020000
_CLONE_NEWUSER = 0x10000000
_MS_RDONLY = 0x1
_MS_REMOUNT = 0x20
_MS_BIND = 0x1000
_MS_REC = 0x4000
_MS_PRIVATE = 0x40000
_MS_KEPT = 0x2 | 0x4 | 0x8 | 0x400 | 0x800  # nosuid, nodev, noexec, noatime, nodiratime: the same bits in statvfs

_libc = ctypes.CDLL(None, use_errno=True)


def _call(name: str, *arguments: object) -> None:
    if getattr(_libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def _mount(source: str | None, target: str, flags: int) -> None:
    _call("mount", source and source.encode(), target.encode(), None, ctypes.c_ulong(flags), None)


def _own_namespaces(uid: int, gid: int) -> bool:
    """Leave the machine's mounts alone from here on; whether that worked, as some containers forbid it even to root."""
    mine = os.getuid(), os.getgid()
    if mine[0] == 0:
        try:
            _call("unshare", _CLONE_NEWNS)
        except OSError:
            return False
        return True
    _call("unshare", _CLONE_NEWUSER | _CLONE_NEWNS)
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{uid} {mine[0]} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{gid} {mine[1]} 1", encoding="ascii")
    return True


def _make_read_only(root: str, writable: list[str]) -> None:
    _mount(None, "/", _MS_REC | _MS_PRIVATE)
    _mount(root, root, _MS_BIND | _MS_REC)
    for folder in writable:
        _mount(root + folder, root + folder, _MS_BIND)
    kept = os.statvfs(root).f_flag & _MS_KEPT
    _mount(None, root, _MS_BIND | _MS_REMOUNT | _MS_RDONLY | kept)


def enter(root: str, uid: int, gid: int, cwd: str, writable: list[str] | None) -> None:
    """Change this process's root, user and folder; `writable` None leaves everything writable."""
    was_root = os.getuid() == 0
    if _own_namespaces(uid, gid) and writable is not None:
        _make_read_only(root, writable)
    os.chroot(root)
    os.chdir(cwd)
    if was_root:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)


if __name__ == "__main__":
    order = json.loads(sys.argv[1])
    command = order.pop("command")
    try:
        enter(**order)
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(NOT_ALLOWED)
    os.execvpe(command[0], command, os.environ)  # noqa: S606  (to become the command is the point)
