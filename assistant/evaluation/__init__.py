"""Questions with what is expected of their answers: read, matched, judged, counted, shown."""
