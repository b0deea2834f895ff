"""The grammar of the commands: the arguments, the options and the help of each.

Typer reads the parameters' annotations at run time, hence no ``TYPE_CHECKING`` in these modules.
"""
