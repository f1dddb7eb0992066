"""The council editor's desk: banners, facts of advice pages, words about localities."""
