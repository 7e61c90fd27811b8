"""Legal lectures (普法讲座): published, booked, held, rated, and ordered to a site."""
