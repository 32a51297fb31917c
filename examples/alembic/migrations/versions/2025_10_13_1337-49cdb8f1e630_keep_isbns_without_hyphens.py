"""Keep ISBNs without hyphens

Revision ID: 49cdb8f1e630
Revises: e7a5409bd216
Create Date: 2025-10-13 13:37:56.018853

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "49cdb8f1e630"
down_revision: Union[str, Sequence[str], None] = "e7a5409bd216"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.execute(
        """
        UPDATE books
        SET details = jsonb_set(details, '{printed_isbn}', to_jsonb(isbn)),
            isbn = replace(isbn, '-', '')
        WHERE isbn LIKE '%-%'
        """
    )
    op.create_check_constraint("ck_books_isbn", "books", "isbn ~ '^([0-9]{13}|[0-9]{9}[0-9X])$'")


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_constraint("ck_books_isbn", "books", type_="check")
    op.execute(
        """
        UPDATE books
        SET isbn = details ->> 'printed_isbn',
            details = details - 'printed_isbn'
        WHERE details ? 'printed_isbn'
        """
    )
