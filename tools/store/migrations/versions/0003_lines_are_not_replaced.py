"""A line of the audit cannot be put in the place of another"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """`INSERT OR REPLACE` deletes without asking the trigger that forbids deleting."""
    op.execute("""
        CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit
        WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'lines of the audit are only ever added'); END
    """)
