"""What an organisation's audits leave behind: one file, and what each audit adds to it."""
