"""Add stock to books

Revision ID: b3762ec8401f
Revises: 8f24b6c9e015
Create Date: 2025-10-07 15:03:18.904462

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "b3762ec8401f"
down_revision: Union[str, Sequence[str], None] = "8f24b6c9e015"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.add_column("books", sa.Column("stock", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("books", sa.Column("restocked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint("ck_books_stock", "books", "stock >= 0")
    op.create_index(
        "ix_books_sold_out",
        "books",
        ["restocked_at"],
        postgresql_where=sa.text("stock = 0"),
    )


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_index("ix_books_sold_out", table_name="books")
    op.drop_constraint("ck_books_stock", "books", type_="check")
    op.drop_column("books", "restocked_at")
    op.drop_column("books", "stock")
