"""Configurations of older books: the newest one stands for all receipts that came before."""

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from fiscalmon.domain.device import decode_config
from fiscalmon.store import migrations
from fiscalmon.store.database import open_engine
from tests.support.books import CONFIG, Shop


async def test_books_from_before_start_with_what_they_have(tmp_path):
    shop = Shop(tmp_path)
    await shop.add_device()
    await shop.sell(1)
    await shop.close()
    engine = open_engine(tmp_path)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE device_configs"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
        settings = Config()
        settings.set_main_option("script_location", next(iter(migrations.__path__)))
        settings.attributes["connection"] = connection
        command.upgrade(settings, "0003")
        rows = connection.execute(text("SELECT device_id, after_receipt, config FROM device_configs")).all()
    engine.dispose()
    assert [(device, row, decode_config(config)) for device, row, config in rows] == [(101, 0, CONFIG)]
