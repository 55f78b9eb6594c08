"""What commands share: layouts, options, permissions, texts."""
