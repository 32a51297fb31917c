"""Merge reviews and stock

Revision ID: e7a5409bd216
Revises: 1d90f3ae57c2, b3762ec8401f
Create Date: 2025-10-08 09:00:31.250684

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "e7a5409bd216"
down_revision: Union[str, Sequence[str], None] = ("1d90f3ae57c2", "b3762ec8401f")
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    pass


def downgrade() -> None:
    """Downgrade schema."""
    pass
