"""What Tencent's APIs have in common: the signed call, its codes and its results."""
