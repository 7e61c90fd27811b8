"""Tables of employers that are registered with the bureau and of their sites."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import db


class Employer(db.Model):  # type: ignore[name-defined, misc]
    """A registered employer; only these are ever suggested to somebody who types a name."""

    __tablename__ = "employers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120), unique=True)
    uscc: Mapped[str | None] = mapped_column(sa.String(18), unique=True)
    address: Mapped[str | None] = mapped_column(sa.String(200))
    phone: Mapped[str | None] = mapped_column(sa.String(30))
    street: Mapped[str | None] = mapped_column(sa.String(40))
    is_active: Mapped[bool] = mapped_column(default=True)
