"""Starting PCs from the network: what “reprise netboot” serves, and how."""
