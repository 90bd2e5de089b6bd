"""Zip archives, unpacked member by member under names of our own.

Nothing in an archive decides where a byte is written: names are only shown. An archive that
tries (parent folders, absolute paths, links) or that unpacks to more than its size can account
for is refused whole.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath

from connectors.errors import InputError

MAX_MEMBERS = 1_000
MAX_UNPACKED = 32 * 1024**3
MAX_RATIO = 200

#: Below this size no ratio is suspicious: an empty table packs very well.
_HARMLESS = 16 * 1024 * 1024
_CHUNK = 1024 * 1024
_NEW_ARCHIVE = "Ask for a new archive, or unpack it yourself and give the folder."


@contextmanager
def opened(archive: Path, shown: str) -> Iterator[zipfile.ZipFile]:
    """Open an archive whose members may be unpacked.

    Args:
        archive: The zip file.
        shown: Its name in messages.

    Raises:
        InputError: If it is cut short, encrypted, hostile or too large.
    """
    with _damage_told(shown), zipfile.ZipFile(archive) as opened_archive:
        _refuse_unsafe(opened_archive.infolist(), shown)
        yield opened_archive


def members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the files of an archive, sorted by name."""
    files = [member for member in archive.infolist() if not member.is_dir()]
    return sorted(files, key=lambda member: member.filename)


def unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, shown: str) -> None:
    """Write one member to ``target``; its real size is watched, whatever it declares."""
    written = 0
    with _damage_told(shown), archive.open(member) as packed, target.open("wb") as out:
        while chunk := packed.read(_CHUNK):
            written += len(chunk)
            if written > member.file_size:
                raise _bomb(shown)
            out.write(chunk)


def _refuse_unsafe(infos: list[zipfile.ZipInfo], shown: str) -> None:
    if len(infos) > MAX_MEMBERS:
        raise InputError(
            "the archive holds {count} files, more than any export ({limit})",
            where=shown,
            next_step="Unpack the files that matter and give their folder.",
            count=len(infos),
            limit=MAX_MEMBERS,
        )
    for info in infos:
        if info.flag_bits & 0x1:
            raise InputError(
                "the archive is protected by a password",
                where=shown,
                next_step="Unpack it with the password and give the folder.",
            )
        if _leaves_the_archive(info):
            raise InputError(
                "the archive holds a name that leads out of it ({member})",
                where=shown,
                next_step="It may be an attack: do not unpack it, and ask for a new archive.",
                member=repr(info.filename[:80]),
            )
    unpacked = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if unpacked > MAX_UNPACKED or (unpacked > _HARMLESS and unpacked > MAX_RATIO * packed):
        raise _bomb(shown)


def _leaves_the_archive(info: zipfile.ZipInfo) -> bool:
    mode = info.external_attr >> 16
    is_link_or_device = stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR)
    name = info.orig_filename.replace("\\", "/")
    absolute = PurePosixPath(name).is_absolute() or bool(PureWindowsPath(name).drive)
    return is_link_or_device or absolute or ".." in PurePosixPath(name).parts


def _bomb(shown: str) -> InputError:
    return InputError(
        "the archive unpacks to far more than its size can account for",
        where=shown,
        next_step=_NEW_ARCHIVE,
    )


@contextmanager
def _damage_told(shown: str) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise InputError(
            "the archive is cut short or damaged",
            where=shown,
            next_step="Download it again, or unpack it yourself and give the folder.",
        ) from error
