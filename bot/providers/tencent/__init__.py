"""What Tencent's APIs have in common: the signed call, its codes, its pace, its results."""
