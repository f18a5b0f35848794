"""The CRM: SQLModel tables (one file per aggregate), sessions and migrations."""
