// Package interval says how sure a share that was counted is.
package interval

import "math"

// Wilson returns the ends of the 95 % interval of a share, as Wilson (1927) gives them:
// some of all were counted. Of none at all the interval is 0 to 1.
func Wilson(some, all int) (low, high float64) {
	if all == 0 {
		return 0, 1
	}
	const z = 1.959964
	n, p := float64(all), float64(some)/float64(all)
	middle := p + z*z/(2*n)
	half := z * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return max(0, (middle-half)/(1+z*z/n)), min(1, (middle+half)/(1+z*z/n))
}
