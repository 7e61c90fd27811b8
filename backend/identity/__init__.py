"""Who people are: workers, staff, their sessions, and the guards at both doors."""
