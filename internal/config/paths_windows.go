package config

// wholePath is how a path begins that means the same file everywhere.
const wholePath = `C:\ or ~\`
