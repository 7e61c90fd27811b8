"""Complaints (投诉) and reports (举报): filing, the legal workflow, its clocks and evidence."""
