"""The demo bureau: invented people, employers and cases; exists in demo mode only."""
