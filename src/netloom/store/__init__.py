"""Tables of records on disk, and questions about them."""
