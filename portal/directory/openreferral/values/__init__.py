"""One value of a source in, a value fit to keep out, with a remark for anything mended or refused. Pure; one module for each sort."""
