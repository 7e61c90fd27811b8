"""Files people hand in with a case: uploaded in pieces, judged, sealed and shown safely."""
