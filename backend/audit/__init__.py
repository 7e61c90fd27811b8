"""The append-only record of every act, chained per case and sealed every minute."""
