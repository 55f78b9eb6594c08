"""What members see of styles, beside their names."""
