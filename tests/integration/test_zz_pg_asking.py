from __future__ import annotations
import pytest
from postgresql import served
from sqlalchemy.orm import Session
from portal import clock, schema
from portal.db import open_engine, writing, reading
import test_asking_operations as t
from test_asking_operations import *  # noqa
from test_asking_operations import _club  # noqa
@pytest.fixture(scope="session")
def pg():
    with served() as address:
        engine = open_engine(address.replace("postgresql://","postgresql+psycopg://"))
        schema.upgrade(engine)
        yield engine
        engine.dispose()
@pytest.fixture
def session(pg):
    with pg.connect() as connection:
        outer = connection.begin()
        with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as s:
            yield s
        outer.rollback()
import threading
from concurrent.futures import ThreadPoolExecutor
from sqlalchemy import func
@pytest.mark.parametrize("round", range(6))
def test_at_once(pg, round):
    pass
    token = new_token(); gate = threading.Barrier(8)
    with writing(pg) as s:
        for tb in (ContactRequest, Outgoing, Organization): s.execute(delete(tb))
    def tap(_):
        with clock.stopped_at(NOW):
            gate.wait()
            with writing(pg) as s:
                return len(operations.ask(s, SENDER, DRAFT, token))
    with ThreadPoolExecutor(8) as pool: assert sum(pool.map(tap, range(8))) == 1
    with reading(pg) as s: assert s.scalar(select(func.count()).select_from(Outgoing)) == 1
    def tend(_):
        with clock.stopped_at(LATE):
            gate.wait()
            with writing(pg) as s:
                return operations.pass_on(s, SENDER)
    with ThreadPoolExecutor(8) as pool: assert sum(pool.map(tend, range(8))) == 1
    with reading(pg) as s: assert s.scalar(select(func.count()).select_from(Outgoing)) == 2
    with reading(pg) as s: tk = [f[1] for l in letters(s) if (f := re.search(r"/en/answer/(\S+)", l.body))][-1]
    with reading(pg) as s: rid = s.scalars(select(ContactRequest.id)).one()
    def answer(n):
        with clock.stopped_at(LATE):
            gate.wait()
            with writing(pg) as s:
                if n == 3:
                    operations.withdraw(s, SENDER, rid); return "w"
                return operations.reply(s, SENDER, tk, REPLY)
    with ThreadPoolExecutor(8) as pool: print(list(pool.map(answer, range(8))))
    with reading(pg) as s:
        r = s.scalars(select(ContactRequest)).one(); assert (r.state, r.sealed, r.reply) == ("withdrawn", b"", b"")
        print(s.scalar(select(func.count()).select_from(Outgoing)))
    with writing(pg) as s:
        for tb in (ContactRequest, Outgoing, Organization): s.execute(delete(tb))
