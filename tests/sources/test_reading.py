from __future__ import annotations

import os
import signal
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from effort import tried
from hypothesis import given
from hypothesis import strategies as st

from linter.sources import reading
from linter.sources.candidates import Candidate, Skipped, SkipReason
from linter.sources.reading import MAX_FILE_BYTES, Decoded, Undecodable, decode, read

if TYPE_CHECKING:
    from collections.abc import Iterator

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="the files need POSIX")


def candidate(path: Path) -> Candidate:
    return Candidate(str(path), "shown.yaml")


@pytest.fixture
def impatient() -> Iterator[None]:
    """Turn a read that blocks into a failure."""

    def stop(*_: object) -> None:
        raise AssertionError("the read blocks")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 5)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("data", [b"", b"a: 1\r\n", b"\0\xff" * 100_000])
def test_bytes_come_as_they_are(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a").write_bytes(data)
    assert read(candidate(tmp_path / "a")) == data


def test_a_file_at_the_limit_is_read_and_one_above_is_not(tmp_path: Path) -> None:
    file = tmp_path / "a"
    with file.open("wb") as sparse:
        sparse.truncate(MAX_FILE_BYTES)
    data = read(candidate(file))
    assert isinstance(data, bytes)
    assert len(data) == MAX_FILE_BYTES
    for size in (MAX_FILE_BYTES + 1, 50_000_000, 1 << 40):
        os.truncate(file, size)
        assert read(candidate(file)) == Skipped(
            "shown.yaml", SkipReason.TOO_LARGE, "the limit is 16 MiB"
        )


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc")
def test_a_file_without_a_size_is_read_to_its_end() -> None:
    data = read(Candidate("/proc/self/status", "status"))
    assert isinstance(data, bytes)
    assert data.startswith(b"Name:")
    assert data.endswith(b"\n")


@pytest.mark.parametrize("grown", [4_000_000, MAX_FILE_BYTES - 4, MAX_FILE_BYTES - 3, 1 << 30])
def test_a_file_that_grows_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, grown: int
) -> None:
    (tmp_path / "a").write_bytes(b"abcd")
    real_read = os.read

    def reading(handle: int, size: int) -> bytes:
        data = real_read(handle, size)
        os.truncate(tmp_path / "a", 4 + grown)
        return data

    monkeypatch.setattr(os, "read", reading)
    data = read(candidate(tmp_path / "a"))
    if 4 + grown <= MAX_FILE_BYTES:
        assert data == b"abcd" + bytes(grown)
    else:
        assert isinstance(data, Skipped)
        assert data.reason is SkipReason.TOO_LARGE


def test_short_reads_are_put_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"0123456789" * 10)
    real_read = os.read
    monkeypatch.setattr(os, "read", lambda handle, size: real_read(handle, min(size, 7)))
    assert read(candidate(tmp_path / "a")) == b"0123456789" * 10


@POSIX
@pytest.mark.usefixtures("impatient")
def test_a_pipe_never_blocks(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a")
    assert read(candidate(tmp_path / "a")) == Skipped("shown.yaml", SkipReason.NOT_REGULAR)


@POSIX
@pytest.mark.usefixtures("impatient")
def test_sockets_devices_and_directories_are_no_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s")
        for path in (Path("s"), Path("/dev/zero"), Path("/dev/tty"), tmp_path):
            skipped = read(candidate(path))
            assert isinstance(skipped, Skipped)
            assert skipped.reason is SkipReason.NOT_REGULAR


def test_a_file_that_is_gone_says_so(tmp_path: Path) -> None:
    assert read(candidate(tmp_path / "a")) == Skipped(
        "shown.yaml", SkipReason.UNREADABLE, "No such file or directory"
    )


@POSIX
@pytest.mark.skipif(sys.platform != "win32" and os.geteuid() == 0, reason="root reads every file")
def test_a_file_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    (tmp_path / "a").chmod(0)
    assert read(candidate(tmp_path / "a")) == Skipped(
        "shown.yaml", SkipReason.UNREADABLE, "Permission denied"
    )


def test_a_disk_that_fails_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"a")

    def fail(*_: object) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "read", fail)
    assert read(candidate(tmp_path / "a")) == Skipped(
        "shown.yaml", SkipReason.UNREADABLE, "Input/output error"
    )


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="there is no /proc")
def test_no_file_stays_open(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        read(candidate(tmp_path / "a"))
        read(candidate(tmp_path))
        read(candidate(tmp_path / "absent"))
    assert len(os.listdir("/proc/self/fd")) == before


@tried(100)
@given(
    st.text(st.characters(exclude_categories=["Cs"])).filter(
        lambda text: "\0" not in text[:2] and not text.startswith("\ufeff")
    ),
    st.sampled_from([("utf-8", False), ("utf-8", True), ("utf-16-le", True), ("utf-16-be", True)]),
)
def test_text_comes_back_from_every_encoding(text: str, spelling: tuple[str, bool]) -> None:
    encoding, bom = spelling
    data = ("\ufeff" * bom + text).encode(encoding)
    decoded = decode(data)
    assert decoded == Decoded(text, encoding, bom)
    assert decoded.encode(text) == data


@tried(200)
@given(st.one_of(st.binary(), st.binary().map(lambda tail: b"\xff\xfe" + tail)))
def test_any_bytes_are_text_or_a_problem_in_place(data: bytes) -> None:
    decoded = decode(data)
    if isinstance(decoded, Decoded):
        assert decoded.encode(decoded.text) == data
    else:
        assert 0 <= decoded.offset <= len(data)
        assert 1 <= decoded.line <= data.count(b"\n") + 1


def test_only_the_first_mark_is_taken_off() -> None:
    assert decode(b"\xef\xbb\xbf\xef\xbb\xbfa") == Decoded("\ufeffa", "utf-8", bom=True)


@pytest.mark.parametrize(
    ("data", "message", "offset", "line"),
    [
        (b"a: 1\r\nb: \xe9\n", "The file is not UTF-8: invalid continuation byte.", 9, 2),
        (b"\xef\xbb\xbf\n\xff", "The file is not UTF-8: invalid start byte.", 4, 2),
        (b"\xc3\xa9\n\n\xed\xa0\x80", "The file is not UTF-8: invalid continuation byte.", 4, 3),
        (b"\xff\xfea\0\n\0b", "The file is not UTF-16: truncated data.", 6, 2),
        (b"\xfe\xff\0\n\xdc\0\0a", "The file is not UTF-16: illegal encoding.", 4, 2),
        (b"a\0b\0", "The file looks like UTF-16, but has no byte order mark.", 0, 1),
        (b"\0a\0b", "The file looks like UTF-16, but has no byte order mark.", 0, 1),
        (b"\xff\xfe\0\0a\0\0\0", "The file is UTF-32, which no Kubernetes tool reads.", 0, 1),
        (b"\0\0\xfe\xff\0\0\0a", "The file is UTF-32, which no Kubernetes tool reads.", 0, 1),
    ],
)
def test_what_is_no_text_says_where(data: bytes, message: str, offset: int, line: int) -> None:
    assert decode(data) == Undecodable(message, offset, line)


def test_control_characters_are_left_to_the_parser() -> None:
    assert decode(b"a: \0\x07") == Decoded("a: \0\x07", "utf-8", bom=False)


def test_the_limit_is_what_the_documentation_says() -> None:
    assert reading.MAX_FILE_BYTES == 16 * 1024 * 1024
