package main

import "github.com/spf13/cobra"

// subcommands lists all commands in the order of the help.
func subcommands(a *app) []*cobra.Command {
	return []*cobra.Command{
		runCommand(a),
		planCommand(a),
		validateCommand(a),
		fmtCommand(a),
		initCommand(a),
		statusCommand(a),
		markCommand(a),
		triggerCommand(a),
		stopCommand(a),
		resumeCommand(a),
		devicesCommand(a),
		pluginsCommand(a),
		doctorCommand(a),
		lsCommand(a),
		inspectCommand(a),
		exportCommand(a),
		analyzeCommand(a),
		plotCommand(a),
		alignCommand(a),
		verifyCommand(a),
		repairCommand(a),
		completionCommand(a),
		versionCommand(a),
	}
}
