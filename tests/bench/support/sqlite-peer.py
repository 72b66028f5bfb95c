"""SQLite as a peer of the store: one piece of work a call, its own times as JSON, without the start of the interpreter.

Writes are as durable as VSR's: WAL with synchronous=FULL, one fsync for each transaction.
"""

import json
import os
import sqlite3
import statistics
import sys
import time

COLUMNS = "idx, epoch, start_ms, duration_sec, media_sequence, extension, bytes, checksum, init_index"
BATCH = 10_000


def connect(path):
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    return db


def row(at):
    start = 1772323190000 + at * 4000
    return (at, 0, start, 4 + (at % 7) * 0.003337, 100 + at, "ts", 2_000_000 + (at * 7919) % 100_000, 0xDEAD0000 + at, -1)


INSERT = f"INSERT INTO segments ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"


def insert_rows(db, first, end):
    db.execute("BEGIN")
    db.executemany(INSERT, (row(at) for at in range(first, end)))
    db.execute("COMMIT")


def fill_log(path, rows):
    for name in (path, f"{path}-wal", f"{path}-shm"):
        if os.path.exists(name):
            os.remove(name)
    db = connect(path)
    db.execute(
        "CREATE TABLE segments (idx INTEGER PRIMARY KEY, epoch INTEGER, start_ms INTEGER, duration_sec REAL,"
        " media_sequence INTEGER, extension TEXT, bytes INTEGER, checksum INTEGER, init_index INTEGER)"
    )
    db.execute("CREATE INDEX by_start ON segments (start_ms)")
    for first in range(0, rows, BATCH):
        insert_rows(db, first, min(rows, first + BATCH))
    db.close()
    return {"bytes": os.path.getsize(path)}


def open_log(path):
    """Until the last hour is known: opening alone reads nothing."""
    began = time.perf_counter()
    db = connect(path)
    last = db.execute("SELECT max(start_ms) FROM segments").fetchone()[0]
    db.execute("SELECT * FROM segments WHERE start_ms >= ? ORDER BY start_ms", (last - 3_600_000,)).fetchall()
    took = time.perf_counter() - began
    db.close()
    return {"ms": took * 1000}


def append(path, count):
    db = connect(path)
    rows = db.execute("SELECT max(idx) + 1 FROM segments").fetchone()[0]
    alone = []
    for at in range(count):
        began = time.perf_counter()
        db.execute(INSERT, row(rows + at))
        alone.append(time.perf_counter() - began)
    began = time.perf_counter()
    insert_rows(db, rows + count, rows + 2 * count)
    grouped = time.perf_counter() - began
    db.close()
    return {"aloneMs": statistics.median(alone) * 1000, "groupedMs": grouped * 1000 / count}


def bound(path, count):
    db = connect(path)
    first, last = db.execute("SELECT min(start_ms), max(start_ms) FROM segments").fetchone()
    began = time.process_time()
    for at in range(count):
        ms = first + (last - first) * at / count
        db.execute("SELECT idx FROM segments WHERE start_ms >= ? ORDER BY start_ms LIMIT 1", (ms,)).fetchone()
    took = time.process_time() - began
    db.close()
    return {"ms": took * 1000 / count}


def fill_library(path, recordings):
    """One table of what a list shows, kept true by every append, beside that of all segments."""
    db = connect(path)
    db.execute(
        "CREATE TABLE recordings (id TEXT PRIMARY KEY, title TEXT, source_url TEXT, state TEXT, created_ms INTEGER,"
        " start_ms INTEGER, end_ms INTEGER, duration_sec REAL, bytes INTEGER, segments INTEGER, gaps INTEGER)"
    )
    db.execute(
        "CREATE TABLE segments (recording TEXT, idx INTEGER, start_ms INTEGER, duration_sec REAL, bytes INTEGER,"
        " checksum INTEGER, PRIMARY KEY (recording, idx)) WITHOUT ROWID"
    )
    for one in recordings:
        rows = one["rows"]
        db.execute("BEGIN")
        db.executemany(
            "INSERT INTO segments VALUES (?, ?, ?, ?, ?, ?)",
            ((one["id"], at, row(at)[2], 4, 1000 + at, row(at)[7]) for at in range(rows)),
        )
        values = (one["id"], one["title"], one["sourceUrl"], "stopped", one["createdMs"], row(0)[2], row(rows)[2])
        total = rows * 1000 + rows * (rows - 1) // 2
        db.execute("INSERT INTO recordings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*values, rows * 4, total, rows, 0))
        db.execute("COMMIT")
    db.close()
    return {"bytes": os.path.getsize(path)}


def library(path, count):
    began = time.perf_counter()
    db = connect(path)
    opened = time.perf_counter() - began
    lists = []
    for _ in range(count):
        began = time.perf_counter()
        found = db.execute("SELECT * FROM recordings ORDER BY created_ms DESC, id DESC").fetchall()
        json.dumps(found)
        lists.append(time.perf_counter() - began)
    db.close()
    return {"openMs": opened * 1000, "firstListMs": lists[0] * 1000, "listMs": statistics.median(lists) * 1000}


work, file, *rest = sys.argv[1:]
works = {
    "fill-log": lambda: fill_log(file, int(rest[0])),
    "open-log": lambda: open_log(file),
    "append": lambda: append(file, int(rest[0])),
    "bound": lambda: bound(file, int(rest[0])),
    "fill-library": lambda: fill_library(file, json.load(sys.stdin)),
    "library": lambda: library(file, int(rest[0])),
}
print(json.dumps(works[work]()))
