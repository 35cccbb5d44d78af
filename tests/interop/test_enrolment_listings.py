"""What the listings look like in a terminal of eighty columns."""

import re

from enrolling import FIRST, app_of, give, pair, serial

COLUMNS = 80


def shown(shop, user, *arguments):
    """Returns the lines that a command writes into the terminal, before it wraps them."""
    with shop.enrolling(user, *arguments) as terminal:
        assert terminal.end() == 0, terminal.written
        return terminal.written.replace("\r\n", "\n").splitlines()


def assert_fits(lines):
    """Only a serial number may be wrapped, since it is of no use with a line's end in it."""
    for line in lines:
        rest = re.sub(r"'?arn:\S+", "", line).rstrip()
        assert len(rest) <= COLUMNS, f"{len(rest)} columns: {line}"
        assert line == line.rstrip() and "\t" not in line


def leave_orphan(shop, user):
    with shop.enrolling(user) as terminal:
        terminal.expect(FIRST)
        terminal.kill()


def test_devices_are_a_table_with_the_serial_number_last(shop):
    lines = shown(shop, "bob", "devices")
    assert_fits(lines)
    header, row = lines
    assert re.split(r"\s{2,}", header) == ["kind", "enabled", "age", "serial number"]
    assert header.index("serial number") == row.index(serial("bob"))
    assert header.index("enabled") == row.index("2023-02-01T09:30:00Z")
    assert re.search(r" \d+ d  arn:", row)


def test_whoever_has_no_device_is_told_how_to_enrol_one(shop):
    lines = shown(shop, "alice", "devices")
    assert_fits(lines)
    assert lines == ["alice has no MFA device. To enrol one: mfaudit enroll"]


def test_a_device_of_just_now_is_minutes_old(shop):
    with shop.enrolling("alice") as terminal:
        give(terminal, *pair(app_of(terminal)))
        assert terminal.end() == 0, terminal.written
    _, row = shown(shop, "alice", "devices")
    assert re.search(r" \d+ min  arn:", row)


def test_orphans_are_listed_and_deleted_only_when_told_to(shop):
    leave_orphan(shop, "alice")
    lines = shown(shop, "alice", "remove-orphans")
    assert lines[0] == serial("alice")
    assert "--yes" in lines[-1]
    assert shop.orphans() == [serial("alice")]
    deleted = shown(shop, "alice", "remove-orphans", "--yes")
    assert_fits(deleted)
    assert deleted == [serial("alice"), f"Deleted {serial('alice')}: nobody had enabled it."]
    assert not shop.orphans()
    none = shown(shop, "alice", "remove-orphans")
    assert_fits(none)
    assert len(none) == 1 and none[0].startswith("No virtual device")
    # What one lists is what the other offers: a device that is somebody's is never in it.
    assert shop.devices("bob") == [serial("bob")]
