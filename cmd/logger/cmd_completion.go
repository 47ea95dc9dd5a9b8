package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

var shells = []string{"bash", "zsh", "fish", "powershell"}

func completionCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "print the completion script of a shell",
		Long: `Print a script that completes commands, flags and names in a shell: bash, zsh,
fish or powershell. Load it in the shell's start-up file, for example:

  source <(` + a.name + ` completion bash)
  ` + a.name + ` completion fish | source`,
		GroupID:   groupOther,
		Args:      takes(1, 1),
		ValidArgs: shells,
		RunE:      func(c *cobra.Command, args []string) error { return runCompletion(a, c.Root(), args[0]) },
	}
}

func runCompletion(a *app, root *cobra.Command, shell string) error {
	switch shell {
	case "bash":
		return root.GenBashCompletionV2(a.stdout, true)
	case "zsh":
		return root.GenZshCompletion(a.stdout)
	case "fish":
		return root.GenFishCompletion(a.stdout, true)
	case "powershell":
		return root.GenPowerShellCompletionWithDesc(a.stdout)
	}
	advice := didYouMean(shell, shells)
	if advice == "" {
		advice = "write bash, zsh, fish or powershell"
	}
	return usageError(fmt.Errorf("unknown shell %q", shell), advice)
}
