"""Index books by author and title

Revision ID: 8f24b6c9e015
Revises: 5c1e0a7d93b4
Create Date: 2025-10-03 11:40:05.120377

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "8f24b6c9e015"
down_revision: Union[str, Sequence[str], None] = "5c1e0a7d93b4"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_index("ix_books_author_id", "books", ["author_id"])
    op.create_index("ix_books_title_lower", "books", [sa.text("lower(title)")])


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_index("ix_books_title_lower", table_name="books")
    op.drop_index("ix_books_author_id", table_name="books")
