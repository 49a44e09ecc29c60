# Writes the tables that the defaults were developed on, as CSV files and their list, tables.csv, into a folder:
#
#   apt-get install r-base-core r-cran-ggplot2 r-cran-kernlab r-cran-mass r-cran-modeldata python3-sklearn
#   Rscript tests/BpTrainer.ML.Benchmarks/development-tables.R FOLDER
#   dotnet run -c Release --project tests/BpTrainer.ML.Benchmarks -- ablation FOLDER
#
# Run it from the root of the repository: three tables are those of examples/data. Every column is a number: a factor of two levels becomes
# a column of 0 and 1, one of more levels a column for each. The label is the last column; rows with a missing cell are left out; of more
# than 3,000 rows a random 3,000 are taken.

folder <- commandArgs(trailingOnly = TRUE)[1]
scikit_learn <- "/usr/lib/python3/dist-packages/sklearn/datasets/data"
most_rows <- 3000
dir.create(folder, showWarnings = FALSE, recursive = TRUE)
list_of_tables <- NULL

from <- function(package, name) {
  data <- new.env()
  data(list = name, package = package, envir = data)
  as.data.frame(get(name, data))
}

without <- function(table, ...) table[setdiff(names(table), c(...))]

# The numeric columns of a feature; none if it is constant.
columns_of <- function(name, values) {
  if (length(unique(values)) < 2) return(list())
  if (is.character(values) || is.logical(values) || is.factor(values)) {
    values <- factor(as.character(values))
    chosen <- if (nlevels(values) == 2) levels(values)[2] else levels(values)
    columns <- lapply(chosen, function(level) as.numeric(values == level))
    return(setNames(columns, if (length(chosen) == 1) name else paste0(name, "_", chosen)))
  }
  setNames(list(as.numeric(values)), name)
}

write_csv <- function(name, table) {
  write.table(table, file.path(folder, paste0(name, ".csv")), sep = ",", quote = FALSE, row.names = FALSE)
}

write_table <- function(name, table, label, task) {
  table <- table[complete.cases(table), ]
  set.seed(7)
  table <- table[sample(nrow(table)), ]
  table <- head(table, most_rows)
  features <- setdiff(names(table), label)
  cells <- do.call(c, lapply(features, function(feature) columns_of(feature, table[[feature]])))
  # Commas and the like would disturb the header.
  names(cells) <- make.unique(gsub("[^A-Za-z0-9_]", "_", names(cells)))
  answer <- table[[label]]
  cells$label <- if (task == "regression") answer else as.integer(factor(as.character(answer))) - 1L
  write_csv(name, as.data.frame(cells, check.names = FALSE))
  list_of_tables <<- rbind(list_of_tables, data.frame(table = name, label = "label", task = task, used_for_choosing = "yes"))
}

# Regression.
ames <- from("modeldata", "ames")
ames$Sale_Price <- log10(ames$Sale_Price)
write_table("ames", ames, "Sale_Price", "regression")
write_table("car_prices", from("modeldata", "car_prices"), "Price", "regression")
write_table("sacramento", without(from("modeldata", "Sacramento"), "zip"), "price", "regression")
write_table("diamonds", from("ggplot2", "diamonds"), "price", "regression")
write_table("mpg", without(from("ggplot2", "mpg"), "cty", "model"), "hwy", "regression")
write_table("uscrime", from("MASS", "UScrime"), "y", "regression")
write_table("airquality", airquality, "Ozone", "regression")
write_table("cars93", without(from("MASS", "Cars93"), "Model", "Make", "Min.Price", "Max.Price", "Manufacturer"), "Price", "regression")
write_table("quakes", quakes, "mag", "regression")
write_table("diabetes", read.csv("examples/data/diabetes.csv"), "progression", "regression")

# Two classes.
write_table("cells", without(from("modeldata", "cells"), "case"), "class", "binary")
write_table("churn", from("modeldata", "mlc_churn"), "churn", "binary")
write_table("attrition", from("modeldata", "attrition"), "Attrition", "binary")
write_table("credit", from("modeldata", "credit_data"), "Status", "binary")
write_table("spam", from("kernlab", "spam"), "type", "binary")
write_table("musk", from("kernlab", "musk"), "Class", "binary")
write_table("biopsy", without(from("MASS", "biopsy"), "ID"), "class", "binary")
write_table("birthwt", without(from("MASS", "birthwt"), "bwt"), "low", "binary")
write_table("crabs", without(from("MASS", "crabs"), "index"), "sp", "binary")
write_table("cancer", read.csv("examples/data/breast-cancer.csv"), "diagnosis", "binary")

# More classes.
write_table("hpc", from("modeldata", "hpc_data"), "class", "multiclass")
write_table("penguins", from("modeldata", "penguins"), "species", "multiclass")
write_table("scat", from("modeldata", "scat"), "Species", "multiclass")
write_table("iris", iris, "Species", "multiclass")
write_table("digits", read.csv("examples/data/digits.csv"), "digit", "multiclass")
write_table("wine", read.csv(file.path(scikit_learn, "wine_data.csv"), header = FALSE, skip = 1), "V14", "multiclass")

write_csv("tables", list_of_tables)
