"""``neverask completion``: what makes a shell complete the commands."""

from __future__ import annotations

import click


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print what makes a shell complete neverask's commands.

    bash: eval "$(neverask completion bash)" in ~/.bashrc; zsh the same in ~/.zshrc; fish: neverask completion fish
    > ~/.config/fish/completions/neverask.fish
    """
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    assert made is not None
    click.echo(made(ctx.find_root().command, {}, "neverask", "_NEVERASK_COMPLETE").source())
