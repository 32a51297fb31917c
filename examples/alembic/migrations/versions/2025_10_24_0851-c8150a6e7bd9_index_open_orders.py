"""Index open orders

Revision ID: c8150a6e7bd9
Revises: 06e2d4fb98a7
Create Date: 2025-10-24 08:51:43.337190

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "c8150a6e7bd9"
down_revision: Union[str, Sequence[str], None] = "06e2d4fb98a7"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    # CONCURRENTLY cannot run in a transaction: the block ends the current one first.
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_orders_open",
            "orders",
            ["placed_at"],
            postgresql_where=sa.text("status IN ('placed', 'paid')"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    """Downgrade schema."""
    with op.get_context().autocommit_block():
        op.drop_index("ix_orders_open", table_name="orders", postgresql_concurrently=True)
