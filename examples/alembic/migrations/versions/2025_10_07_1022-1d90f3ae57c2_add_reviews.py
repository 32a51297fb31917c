"""Add reviews

Revision ID: 1d90f3ae57c2
Revises: 8f24b6c9e015
Create Date: 2025-10-07 10:22:49.673015

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql


# revision identifiers, used by Alembic.
revision: str = "1d90f3ae57c2"
down_revision: Union[str, Sequence[str], None] = "8f24b6c9e015"
branch_labels: Union[str, Sequence[str], None] = ("reviews",)
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_table(
        "reviews",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("book_id", postgresql.UUID(as_uuid=True), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("stars", sa.SmallInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name="ck_reviews_stars"),
        sa.ForeignKeyConstraint(["book_id"], ["books.id"], name="fk_reviews_book_id_books", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
        sa.UniqueConstraint("book_id", "reader", name="uq_reviews_book_id_reader"),
    )


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_table("reviews")
