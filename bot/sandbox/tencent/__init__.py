"""A strict local stand-in of Tencent Cloud's API 3.0: aiart pictures and VOD picture tasks."""
