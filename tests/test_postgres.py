"""The throw-away PostgreSQL of the tests: it works, nobody else reaches it, nothing stays."""

from pathlib import Path
from urllib.parse import unquote

import pytest
import sqlalchemy as sa

from tests.postgres import throwaway_postgres


@pytest.mark.postgres
def test_a_throwaway_server_works_on_a_private_socket_and_is_gone_afterwards() -> None:
    with throwaway_postgres("一次") as address:
        folder = Path(unquote(address.partition("host=")[2]))
        engine = sa.create_engine(address)
        with engine.connect() as connection:
            row = connection.execute(
                sa.text("SELECT '薪护𠮷', current_setting('listen_addresses')")
            ).one()
        engine.dispose()
        assert tuple(row) == ("薪护𠮷", "")
        assert folder.is_dir()
    assert not folder.exists()
