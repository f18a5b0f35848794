"""What the shop knows: CRM tables, facts in Chroma, figures over both. Knows no LLM and no Telegram."""
