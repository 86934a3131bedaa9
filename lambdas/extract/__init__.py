"""One run of one stream: from the API, page by page, to raw objects and a manifest."""
