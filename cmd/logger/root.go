package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// The groups of commands, in the order of the help.
const (
	groupCapture    = "Capture"
	groupRig        = "Rig"
	groupRecordings = "Recordings"
	groupOther      = "Other"
)

// root is the command line with all its subcommands.
type root struct {
	app     *app
	command *cobra.Command
}

func newRoot(a *app) *root {
	cobra.EnableCommandSorting = false
	c := &cobra.Command{
		Use:           a.name,
		Short:         "records oscilloscope rigs to plain files, for hours to weeks",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          knownCommand,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
		PersistentPreRunE: func(*cobra.Command, []string) error {
			return a.prepare()
		},
	}
	c.SetOut(a.stdout)
	c.SetErr(a.screen)
	c.SetFlagErrorFunc(flagError)
	c.CompletionOptions.DisableDefaultCmd = true
	c.SetHelpCommand(&cobra.Command{Hidden: true, Use: "help [COMMAND]", RunE: helpFor})
	flags := c.PersistentFlags()
	flags.StringVar(&a.flags.logLevel, "log-level", "", "log from this `LEVEL` on: error, warn, info, debug, trace")
	flags.StringArrayVar(&a.flags.plugins, "plugins", nil, "look for plugins in `DIR` first; may be repeated")
	flags.BoolVar(&a.flags.noColor, "no-color", false, "print without colours")

	for _, name := range []string{groupCapture, groupRig, groupRecordings, groupOther} {
		c.AddGroup(&cobra.Group{ID: name, Title: name})
	}
	for _, sub := range subcommands(a) {
		c.AddCommand(sub)
	}
	readable(a.name, c)
	c.Version = version
	c.SetVersionTemplate(versionText())
	c.SetUsageTemplate(strings.ReplaceAll(c.UsageTemplate(), ".FlagUsages ", ".FlagUsagesWrapped 80 "))
	usual := c.HelpFunc()
	c.SetHelpFunc(func(sub *cobra.Command, args []string) {
		if sub == c {
			fmt.Fprint(a.stdout, overview(c))
			return
		}
		usual(sub, args)
	})
	return &root{app: a, command: c}
}

// execute runs the command line. The context ends with the first Ctrl-C.
func (r *root) execute(ctx context.Context, args []string) error {
	r.command.SetArgs(runBeforeOperation(args))
	return r.command.ExecuteContext(ctx)
}

// overview is the help of the program as a whole; it fits a screen of 24 lines.
func overview(c *cobra.Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s.\n", c.Name(), c.Short)
	fmt.Fprintf(&b, "Usage: %s COMMAND [FLAGS]      more: %s COMMAND --help\n", c.Name(), c.Name())
	for _, g := range c.Groups() {
		title := g.Title
		var others []string
		for _, sub := range c.Commands() {
			switch {
			case sub.GroupID != g.ID || !sub.IsAvailableCommand():
			case g.ID == groupOther:
				others = append(others, sub.Use)
			default:
				fmt.Fprintf(&b, "%-11s%-24s%s\n", title, sub.Use, sub.Short)
				title = ""
			}
		}
		if len(others) > 0 {
			fmt.Fprintf(&b, "%-11s%s\n", title, strings.Join(others, ", "))
		}
	}
	return b.String()
}

// knownCommand refuses what is not a subcommand of a command that has subcommands only.
func knownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var known []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			known = append(known, sub.Name())
		}
	}
	advice := didYouMean(args[0], known)
	if advice == "" {
		advice = fmt.Sprintf("%s --help lists the commands", c.CommandPath())
	}
	return usageError(fmt.Errorf("unknown command %q", strings.TrimSpace(subPath(c)+args[0])), advice)
}

// subPath is the path of a command without the program's name, with a blank behind it.
func subPath(c *cobra.Command) string {
	_, rest, found := strings.Cut(c.CommandPath(), " ")
	if !found {
		return ""
	}
	return rest + " "
}

// flagError says which flag is wrong, and which one may be meant.
func flagError(c *cobra.Command, err error) error {
	if args := c.Flags().Args(); len(args) > 0 && c.HasAvailableSubCommands() {
		return knownCommand(c, args)
	}
	advice := fmt.Sprintf("%s --help lists the flags", c.CommandPath())
	var missing *pflag.NotExistError
	if errors.As(err, &missing) {
		var known []string
		add := func(f *pflag.Flag) { known = append(known, f.Name) }
		c.Flags().VisitAll(add)
		c.InheritedFlags().VisitAll(add)
		if s := suggest(missing.GetSpecifiedName(), known); s != "" {
			advice = "did you mean --" + s + "?"
		}
	}
	return usageError(fmt.Errorf("%s: %w", c.CommandPath(), err), advice)
}

// helpFor prints the help of the named command.
func helpFor(c *cobra.Command, args []string) error {
	sub, rest, err := c.Root().Find(args)
	if err != nil || len(rest) > 0 {
		if sub == nil {
			sub = c.Root()
		}
		return knownCommand(sub, rest)
	}
	sub.InitDefaultHelpFlag()
	return sub.Help()
}

// takes returns a check for the number of arguments; usage names them, such as "RUN TEXT".
func takes(least, most int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch n := len(args); {
		case n < least:
			return usageError(fmt.Errorf("%s: an argument is missing", c.CommandPath()), "usage: "+c.UseLine())
		case most >= 0 && n > most:
			if err := severalRuns(c.Name(), args); err != nil {
				return err
			}
			return usageError(fmt.Errorf("%s: unexpected argument %q", c.CommandPath(), args[most]), "usage: "+c.UseLine())
		}
		return nil
	}
}

// family makes a command that only holds subcommands.
func family(use, short, group string, subs ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{
		Use:     use,
		Short:   short,
		GroupID: group,
		Args:    knownCommand,
		RunE: func(c *cobra.Command, _ []string) error {
			return usageError(fmt.Errorf("%s: a command is missing", c.CommandPath()), "usage: "+c.UseLine())
		},
	}
	for _, s := range subs {
		c.AddCommand(s)
	}
	return c
}
