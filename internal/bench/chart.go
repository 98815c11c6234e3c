package main

import (
	"bytes"
	"fmt"
	"image/color"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// growthName is the benchmark of the chart: kind/opt-outs/way.
const growthName = "Growth"

// series is a line of the chart.
type series struct {
	kind, way, unit string
	title           string
	color           color.Color
	dashed          bool
}

// growthChart draws the time of the gate and the memory against the number of
// opt-outs, as SVG.
func growthChart(g *goal) ([]byte, error) {
	blue, orange := color.RGBA{0x1f, 0x5f, 0xa8, 0xff}, color.RGBA{0xd9, 0x6a, 0x0b, 0xff}
	gate, err := panel(g, "Time of a gate", "ns", 1e9, []series{
		{"hit", wayGate, perOp, "gate, opted out", blue, false},
		{"miss", wayGate, perOp, "gate, not opted out", blue, true},
		{"hit", wayMap, perOp, "map, opted out", orange, false},
		{"miss", wayMap, perOp, "map, not opted out", orange, true},
	})
	if err != nil {
		return nil, err
	}
	size, err := panel(g, "Memory", "MB", 1e-6, []series{
		{"memory", wayGate, memory, "memstore, with history", blue, false},
		{"memory", wayMap, memory, "map of states", orange, false},
	})
	if err != nil {
		return nil, err
	}
	canvas := vgsvg.New(24*vg.Centimeter, 9*vg.Centimeter)
	all := draw.New(canvas)
	all.SetColor(color.White)
	all.Fill(all.Path())
	tiles := draw.Tiles{Rows: 1, Cols: 2, PadX: vg.Centimeter, PadTop: 3 * vg.Millimeter, PadBottom: 3 * vg.Millimeter, PadLeft: 3 * vg.Millimeter, PadRight: 5 * vg.Millimeter}
	plots := [][]*plot.Plot{{gate, size}}
	for i, place := range plot.Align(plots, tiles, all)[0] {
		plots[0][i].Draw(place)
	}
	var svg bytes.Buffer
	if _, err := canvas.WriteTo(&svg); err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	return standardFonts(svg.Bytes()), nil
}

// standardFonts names fonts as wide as the library's own, which few readers have.
func standardFonts(svg []byte) []byte {
	return bytes.ReplaceAll(svg, []byte("font-family:Liberation Sans"), []byte("font-family:Liberation Sans,Arial,Helvetica,sans-serif"))
}

func panel(g *goal, title, unit string, scale float64, all []series) (*plot.Plot, error) {
	p := plot.New()
	for _, style := range []*draw.TextStyle{
		&p.Title.TextStyle, &p.X.Label.TextStyle, &p.Y.Label.TextStyle, &p.X.Tick.Label, &p.Y.Tick.Label, &p.Legend.TextStyle,
	} {
		style.Font.Variant = "Sans"
	}
	p.Title.Text = title
	p.Title.Padding = 2 * vg.Millimeter
	p.X.Label.Text = "numbers that opted out"
	p.Y.Label.Text = unit
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker, p.Y.Tick.Marker = decades{}, decades{}
	p.Legend.Top, p.Legend.Left = true, true
	p.Legend.XOffs, p.Legend.YOffs = 2*vg.Millimeter, -vg.Millimeter
	p.Add(plotter.NewGrid())
	for _, s := range all {
		points := g.points(s, scale)
		if len(points) == 0 {
			continue
		}
		line, dots, err := plotter.NewLinePoints(points)
		if err != nil {
			return nil, fmt.Errorf("chart: %w", err)
		}
		line.Color, line.Width = s.color, vg.Points(1.5)
		dots.Color, dots.Shape = s.color, draw.CircleGlyph{}
		if s.dashed {
			line.Dashes = []vg.Length{vg.Points(4), vg.Points(3)}
			dots.Shape = draw.RingGlyph{}
		}
		p.Add(line, dots)
		p.Legend.Add(s.title, line, dots)
	}
	// The legend stands above the lines.
	p.X.Min, p.X.Max = decade(p.X.Min, false), decade(p.X.Max, true)
	p.Y.Min, p.Y.Max = decade(p.Y.Min, false), 10*decade(p.Y.Max, true)
	return p, nil
}

// points are the medians of a series by the number of opt-outs. Bytes of a number
// become those of all.
func (g *goal) points(s series, scale float64) plotter.XYs {
	var points plotter.XYs
	for _, c := range g.cases {
		kind, size, _ := strings.Cut(c.name, "/")
		n, err := strconv.ParseFloat(size, 64)
		w := c.way(s.way)
		if kind != s.kind || err != nil || w == nil || len(w.values[s.unit]) == 0 {
			continue
		}
		y := summarize(w.values[s.unit]).center * scale
		if strings.HasSuffix(s.unit, "/number") {
			y *= n
		}
		if y > 0 {
			points = append(points, plotter.XY{X: n, Y: y})
		}
	}
	return points
}
