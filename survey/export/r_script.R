# Reads the csv export with codes, which lies in the folder of this script, for base R.
# For a file elsewhere set csv_file first, or give its path to Rscript.

if (!exists("csv_file")) csv_file <- local({
  given <- commandArgs(trailingOnly = TRUE)
  sourced <- unlist(lapply(sys.frames(), function(frame) frame$$ofile))
  run <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  script <- c(sourced, gsub("~+~", " ", run, fixed = TRUE))
  if (length(given) && !length(sourced)) given[1]
  else if (length(script)) file.path(dirname(script[1]), $name)
  else $name
})

columns <- list(
$columns
)

responses <- read.csv(csv_file, colClasses = "character", na.strings = character(),
                      check.names = FALSE, encoding = "UTF-8")
local({
  names <- vapply(columns, function(column) column$$name, "")
  if (!identical(names(responses)[-1], names[-1])) stop($other_columns)
  names(responses) <<- names
})

missing_kinds <- as.data.frame(lapply(columns, function(column) {
  cells <- responses[[column$$name]]
  kinds <- ifelse(cells == "", "blank", ifelse(cells %in% c("dk", "na", "not_asked"), cells, NA))
  if (is.null(column$$missing)) kinds[] <- NA
  factor(kinds, c("blank", "dk", "na", "not_asked"))
}), col.names = names(responses), optional = TRUE)

responses[] <- lapply(columns, function(column) {
  cells <- responses[[column$$name]]
  if (column$$type == "text") cells <- sub("^'", "", cells)
  else if (!is.null(column$$missing)) cells[cells %in% c("dk", "na", "not_asked")] <- NA
  cells[cells == ""] <- NA
  values <- switch(column$$type,
    factor = factor(cells, column$$codes, column$$words),
    ordered = factor(cells, column$$codes, column$$words, ordered = TRUE),
    integer = as.integer(cells),
    number = as.numeric(cells),
    day = as.Date(cells, "%Y-%m-%d"),
    time = as.POSIXct(cells, "UTC", "%Y-%m-%dT%H:%M:%OSZ"),
    cells)
  attr(values, "label") <- column$$label
  values
})

rm(columns, csv_file)
message($about)
