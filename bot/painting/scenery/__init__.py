"""What the local painter can paint: places, figures, hours, and the styles laid over them."""
