"""The dataset of all runs: the documented SQL in DuckDB and Spark, and what readers see while it is written."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import boto3
import duckdb
import pytest
import sqlglot
from harness import BINARY, PATIENCE, ROOT, SCRIPTS, Mfaudit, environment, run, serving
from simulated import NOW, simulation

GENERATOR = BINARY.with_name("examples") / "generated_history"
QUERIES = ["trend", "coverage", "time-to-fix", "oldest-open", "regressed", "never-seen"]
RULES = ("--rule", "root-user-mfa", "--rule", "iam-user-console-mfa")


def documented() -> dict[str, str]:
    """The SQL of docs/history.md, by the heading that it is under."""
    text = (ROOT / "docs" / "history.md").read_text(encoding="utf-8")
    sections = re.split(r"^#{2,3} (.+)$", text, flags=re.M)
    found = {}
    for heading, body in zip(sections[1::2], sections[2::2], strict=True):
        blocks = re.findall(r"^```sql\n(.*?)^```$", body, flags=re.M | re.S)
        if blocks:
            found[heading] = "".join(blocks)
    return found


def statements(sql: str) -> list[str]:
    """Splits where a statement ends; no literal and no comment here ends a line so."""
    return [it for it in re.split(r";\n", sql) if it.strip()]


def plain(value: object) -> object:
    """A value as `mfaudit history --form json` has it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value


class Duck:
    """DuckDB over a dataset, by the documented definitions unless others are given."""

    def __init__(self, url: str, definitions: str | None = None):
        self._connection = duckdb.connect()
        sql = documented()
        self._connection.execute(definitions or sql["DuckDB"].replace("${URL}", url) + sql["Views"])

    def rows(self, sql: str) -> list[dict]:
        answer = self._connection.execute(sql)
        names = [it[0] for it in answer.description]
        return [dict(zip(names, map(plain, row), strict=True)) for row in answer.fetchall()]


def told(mfaudit: Mfaudit, url: str, query: str, *more: str) -> list[dict]:
    """What `mfaudit history` answers."""
    done = mfaudit.run("history", url, "--query", query, "--form", "json", *more)
    assert done.exit == 0, done
    return json.loads(done.out)


@pytest.fixture(scope="module")
def year(tmp_path_factory) -> str:
    """A year of made-up runs of a small organization, some days missing."""
    assert GENERATOR.is_file(), "cargo build --package mfaudit-delivery --examples"
    folder = tmp_path_factory.mktemp("year") / "history"
    subprocess.run([GENERATOR, f"file://{folder}", "365", "9", "6", "8"], check=True, timeout=PATIENCE)
    return f"file://{folder}"


@pytest.fixture(scope="module")
def answers(year, mfaudit) -> dict[str, list[dict]]:
    """What the program answers, of a history in which all that is asked for happens."""
    rows = {query: told(mfaudit, year, query) for query in QUERIES}
    assert 300 < len(rows["trend"]) < 365
    ends = {it["fixed_by"] for it in rows["time-to-fix"]}
    assert ends >= {"pass", "not-applicable", "gone"}, ends
    assert rows["oldest-open"] and rows["regressed"] and rows["never-seen"]
    assert {it["owner"] for it in rows["oldest-open"]} == {None, "platform"}
    return rows


def printed(mfaudit: Mfaudit, url: str) -> tuple[str, dict[str, str]]:
    """What `--sql duckdb` prints: the definitions, and the questions by their names."""
    script = mfaudit.run("history", url, "--sql", "duckdb").out
    definitions, *rest = re.split(r"^-- ([a-z-]+)\n", script, flags=re.M)
    return definitions, dict(zip(rest[::2], rest[1::2], strict=True))


def test_duckdb_gives_the_same_rows(year, mfaudit, answers):
    definitions, questions = printed(mfaudit, year)
    for engine, sql in ((Duck(year), documented()), (Duck(year, definitions), questions)):
        for query in QUERIES:
            assert engine.rows(sql[query]) == answers[query], query


def unfinished(folder: Path) -> None:
    """Leaves beside a dataset's files what is none of it: files that are not whole, or belong to one that was killed."""
    for path in list(folder.rglob("*.parquet")):
        content = path.read_bytes()
        path.with_name(f"_mfaudit-{path.stem[-4:]}1.part").write_bytes(content[: len(content) // 2])
        path.with_name(f"_mfaudit-{path.stem[-4:]}2.part").write_bytes(content)


def test_spark_gives_the_same_rows(year, answers, mfaudit, snapshots, tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    from pyspark.sql import SparkSession

    sql = documented()
    builder = SparkSession.builder.master("local[2]")
    for name, value in {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.session.timeZone": "UTC",
        # Many small files and few rows: what is laid out for large tables only takes time.
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.files.openCostInBytes": "1024",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.sources.parallelPartitionDiscovery.threshold": "100000",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    try:
        for statement in statements(sql["Spark"].replace("${URL}", year)):
            spark.sql(statement)
        # A year of small files is read once.
        for table in ("runs_files", "findings_files", "coverage_files"):
            spark.catalog.cacheTable(table)
        views = sql["Views"].replace("CREATE OR REPLACE VIEW", "CREATE OR REPLACE TEMPORARY VIEW")
        for statement in statements(views):
            spark.sql(statement)
        spark.catalog.cacheTable("episodes")
        for query in QUERIES:
            answer = spark.sql(sql[query].rstrip().removesuffix(";"))
            rows = [{name: plain(it) for name, it in row.asDict().items()} for row in answer.collect()]
            assert rows == answers[query], query
        # What is not whole is not read, and a session sees the runs that were there when it began.
        url = f"file://{tmp_path}/history"
        env = environment(tmp_path)
        assert run([BINARY, "publish", snapshots[0], "--to", url, *RULES], env, tmp_path).exit == 0
        unfinished(tmp_path / "history")
        spark.catalog.clearCache()
        for statement in statements(sql["Spark"].replace("${URL}", url) + views):
            spark.sql(statement)
        before = told(mfaudit, url, "trend")
        assert run([BINARY, "publish", snapshots[1], "--to", url, *RULES], env, tmp_path).exit == 0
        assert len(told(mfaudit, url, "trend")) == 2
        answer = spark.sql(sql["trend"].rstrip().removesuffix(";"))
        assert [{name: plain(it) for name, it in row.asDict().items()} for row in answer.collect()] == before
    finally:
        spark.stop()
        monkeypatch.undo()
        time.tzset()


def test_athena_s_sql_parses(mfaudit):
    script = mfaudit.run("history", "s3://bucket/history", "--sql", "athena").out
    parts = [it for it in statements(script) if re.sub(r"^--.*$", "", it, flags=re.M).strip()]

    def kinds(dialect: str, texts: list[str]) -> list[str]:
        return [type(sqlglot.parse_one(it, dialect=dialect)).__name__ for it in texts]

    # A statement that is not understood becomes a `Command`.
    expected = ["Create"] * (5 + 9) + ["Select"] * len(QUERIES)
    assert kinds("athena", parts) == expected
    # Trino defines the tables otherwise.
    assert kinds("trino", parts[5:]) == expected[5:]
    # What is printed is what is documented.
    sql = documented()
    for query in QUERIES:
        assert sql[query].strip() in script, query


def test_trend_and_questions_agree(answers):
    """New and fixed failures of the trend are those that the other answers name."""
    fixed: dict[str, int] = {}
    begun: dict[str, int] = {}
    for it in answers["time-to-fix"]:
        fixed[it["fixed_at"]] = fixed.get(it["fixed_at"], 0) + 1
    for it in answers["time-to-fix"] + answers["oldest-open"]:
        begun[it["failing_since"]] = begun.get(it["failing_since"], 0) + 1
    for it in answers["trend"]:
        assert it["fixed_failures"] == fixed.get(it["collected_at"], 0), it
        assert it["new_failures"] == begun.get(it["collected_at"], 0), it


def test_forms_and_filters(year, mfaudit, answers):
    since = told(mfaudit, year, "coverage", "--since", "2025-07-01")
    assert since == [it for it in answers["coverage"] if it["collected_at"] >= "2025-07-01"]
    assert told(mfaudit, year, "trend", "--organization", "o-madeup0001") == answers["trend"]
    table = mfaudit.run("history", year)
    assert table.exit == 0 and "o-madeup0001" in table.out and "sign in without MFA" in table.out, table
    csv = mfaudit.run("history", year, "--query", "regressed", "--form", "csv").out.splitlines()
    assert len(csv) == len(answers["regressed"]) + 1
    assert sorted(csv[0].split(",")) == sorted(answers["regressed"][0])


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory) -> list[Path]:
    """Snapshots of one organization on different days."""
    home = tmp_path_factory.mktemp("collected")
    with simulation(home, "--accounts", 24, "--users", 30, "--report-delay-ms", 20) as simulated:

        def collected(day: int) -> Path:
            path = home / f"run-{day}.mfaudit"
            more = simulated.env | {"SOURCE_DATE_EPOCH": str(int(NOW.timestamp()) + day * 86_400)}
            done = run([BINARY, "collect", "-o", path], environment(home, more), home)
            assert done.exit == 0, done
            return path

        return [collected(day) for day in range(4)]


def publish(home: Path, snapshot: Path, url: str, *more: str, env: dict[str, str] | None = None) -> subprocess.Popen:
    """Begins to publish."""
    return subprocess.Popen(
        [BINARY, "publish", snapshot, "--to", url, *more],
        env=env or environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def test_publishing_again_does_nothing_and_other_criteria_are_refused(tmp_path, snapshots):
    url = f"file://{tmp_path}/history"
    said = []
    began = datetime.now(UTC)
    env = environment(tmp_path, {"SOURCE_DATE_EPOCH": "0"})
    for _ in range(2):
        done = run([BINARY, "publish", snapshots[0], "--to", url, *RULES], env, tmp_path)
        assert done.exit == 0, done
        said.append(done.err)
    assert "published at" in said[0] and "already published" in said[1]
    files = sorted(it for it in (tmp_path / "history").rglob("*.parquet"))
    assert len(files) == 5
    # When it was published is no matter of reproducible output: readers tell by it whether files may be missing.
    [run_row] = Duck(url).rows("SELECT published_at FROM runs")
    published_at = datetime.fromisoformat(run_row["published_at"])
    assert began.replace(microsecond=0) <= published_at <= datetime.now(UTC)
    other = run([BINARY, "publish", snapshots[0], "--to", url], environment(tmp_path), tmp_path)
    assert other.exit == 1 and "judged by other rules" in other.err, other
    assert sorted(it for it in (tmp_path / "history").rglob("*.parquet")) == files


def test_readers_see_whole_runs_only(tmp_path, snapshots):
    """Two publish each run at once, and one of another run is killed, while DuckDB reads."""
    folder = tmp_path / "history"
    url = f"file://{folder}"
    first = run([BINARY, "publish", snapshots[0], "--to", url, *RULES], environment(tmp_path), tmp_path)
    assert first.exit == 0, first
    counts = """
        SELECT r.run_id, r.findings, r.principals, r.devices, r.coverage_rows, f.rows AS f, p.rows AS p, d.rows AS d, c.rows AS c
        FROM runs r
        LEFT JOIN (SELECT run_id, count(*) AS rows FROM findings GROUP BY run_id) f ON f.run_id = r.run_id
        LEFT JOIN (SELECT run_id, count(*) AS rows FROM principals GROUP BY run_id) p ON p.run_id = r.run_id
        LEFT JOIN (SELECT run_id, count(*) AS rows FROM devices GROUP BY run_id) d ON d.run_id = r.run_id
        LEFT JOIN (SELECT run_id, count(*) AS rows FROM coverage GROUP BY run_id) c ON c.run_id = r.run_id
    """
    done = threading.Event()

    def read() -> list[int]:
        """Reads until all is published, and once more; returns how many runs it saw each time."""
        seen = []
        last = False
        while not last:
            last = done.is_set()
            rows = Duck(url).rows(counts)
            for it in rows:
                stated = (it["findings"], it["principals"], it["devices"], it["coverage_rows"])
                assert stated == (it["f"], it["p"], it["d"] or 0, it["c"]), it
            seen.append(len(rows))
        return seen

    def killed(snapshot: Path) -> bool:
        """Kills a publisher when its first table is there; tells whether that was before its commit."""
        before = {it for it in folder.rglob("*.parquet")}
        process = publish(tmp_path, snapshot, url, *RULES)
        while process.poll() is None and not {it for it in folder.rglob("*.parquet")} - before:
            os.sched_yield()
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)
        process.stderr.close()
        new = {it for it in folder.rglob("*.parquet")} - before
        return bool(new) and not any(it.parent.name == "runs" for it in new)

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read)
        try:
            cut = [killed(it) for it in snapshots[1:3]]
            for snapshot in snapshots[1:]:
                both = [publish(tmp_path, snapshot, url, *RULES) for _ in range(2)]
                for process in both:
                    _, said = process.communicate(timeout=PATIENCE)
                    assert process.returncode == 0, said
        finally:
            done.set()
        seen = reading.result(PATIENCE)
    assert any(cut), "no publisher was killed between its tables and its commit"
    assert seen == sorted(seen) and seen[0] < seen[-1] == len(snapshots), seen
    # What the killed left is there, and belongs to no run.
    commits = list((folder / "runs").glob("*.parquet"))
    assert len(commits) == len(snapshots)
    assert len(list((folder / "findings").rglob("*.parquet"))) > len(commits)


def test_a_session_of_duckdb_sees_the_runs_that_were_there_when_it_began(tmp_path, mfaudit, snapshots):
    """A run that is published while a query runs is in no part of it: its absence from one would be taken for a fix."""
    url = f"file://{tmp_path}/history"
    assert run([BINARY, "publish", snapshots[0], "--to", url, *RULES], environment(tmp_path), tmp_path).exit == 0
    unfinished(tmp_path / "history")
    sql = documented()
    printed_definitions, _ = printed(mfaudit, url)
    sessions = [Duck(url), Duck(url, printed_definitions)]
    before = {query: told(mfaudit, url, query) for query in QUERIES}
    assert run([BINARY, "publish", snapshots[1], "--to", url, *RULES], environment(tmp_path), tmp_path).exit == 0
    assert len(told(mfaudit, url, "trend")) == 2
    for session in sessions:
        for query in QUERIES:
            assert session.rows(sql[query]) == before[query], query
    assert len(Duck(url).rows(sql["trend"])) == 2


def test_an_account_s_number_is_text_and_filters_reach_the_files(tmp_path, snapshots):
    folder = tmp_path / "history"
    done = run([BINARY, "publish", snapshots[0], "--to", f"file://{folder}", *RULES], environment(tmp_path), tmp_path)
    assert done.exit == 0, done
    [of_run] = (folder / "findings").glob("*/*")
    explained = Duck(f"file://{folder}").rows("EXPLAIN SELECT * FROM findings WHERE organization = 'o-other'")
    assert "File Filters" in str(explained) and "o-other" in str(explained), explained
    # An account that is in no organization stands for itself.
    of_run.rename(of_run.with_name("organization=012345678901"))
    rows = Duck(f"file://{folder}").rows("SELECT DISTINCT organization, typeof(date) AS day FROM findings_files")
    assert rows == [{"organization": "012345678901", "day": "DATE"}]


def test_a_dataset_in_a_bucket(tmp_path, snapshots):
    server = [SCRIPTS / "moto_server", "-H", "127.0.0.1", "-p", "0"]
    with serving(server, environment(tmp_path), ready="Running on") as lines:
        address = next(it for it in lines if "Running on http" in it).split()[-1]
        keys = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI"}
        s3 = boto3.client(
            "s3", endpoint_url=address, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
        )
        s3.create_bucket(Bucket="audits")
        s3.upload_file(str(snapshots[1]), "audits", "run.mfaudit")
        env = environment(tmp_path, keys | {"AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL_S3": address})
        for snapshot in (snapshots[0], "s3://audits/run.mfaudit", snapshots[0]):
            done = run([BINARY, "publish", snapshot, "--to", "s3://audits/history", *RULES], env, tmp_path)
            assert done.exit == 0, done
        listed = s3.list_objects_v2(Bucket="audits", Prefix="history/")["Contents"]
        assert len(listed) == 10
        # Two at once, of whom one makes the commit, are one run.
        both = [publish(tmp_path, snapshots[2], "s3://audits/twice", *RULES, env=env) for _ in range(2)]
        said = [process.communicate(timeout=PATIENCE)[1] for process in both]
        assert [process.returncode for process in both] == [0, 0], said
        twice = s3.list_objects_v2(Bucket="audits", Prefix="twice/runs/")["Contents"]
        assert len(twice) == 1, said
        done = run([BINARY, "history", "s3://audits/twice", "--form", "json"], env, tmp_path)
        assert done.exit == 0 and len(json.loads(done.out)) == 1, done
        done = run([BINARY, "history", "s3://audits/history", "--query", "trend", "--form", "json"], env, tmp_path)
        assert done.exit == 0, done
        first, second = json.loads(done.out)
        assert first["new_failures"] == first["failures"] > 0
        assert second["failures"] == first["failures"] + second["new_failures"] - second["fixed_failures"]
